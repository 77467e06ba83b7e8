import { type RefObject, useEffect, useRef, useState } from 'react';

/** True from when the element was first scrolled into view: a search may find a hundred roots, and each strip reads all tables of its root. */
export function useSeen(): [RefObject<HTMLButtonElement | null>, boolean] {
  const element = useRef<HTMLButtonElement>(null);
  const [seen, setSeen] = useState(typeof IntersectionObserver === 'undefined');
  useEffect(() => {
    if (seen || !element.current) return;
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [seen]);
  return [element, seen];
}
