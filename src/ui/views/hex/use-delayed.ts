import { useEffect, useState } from 'react';

/** The value once it has stood still for `delay` ms; undefined at once when it is. */
export function useDelayed<T>(value: T | undefined, delay: number): T | undefined {
  const [settled, setSettled] = useState<T>();
  useEffect(() => {
    if (value === undefined) {
      setSettled(undefined);
      return undefined;
    }
    const timer = setTimeout(() => setSettled(value), delay);
    return () => clearTimeout(timer);
  }, [value, delay]);
  return settled === value ? settled : undefined;
}
