/** The product's mark and name. */
export function Mark() {
  return (
    <span className="mark">
      <svg className="ic" viewBox="0 0 16 16" aria-hidden="true">
        <path d="M2 2h5v5H2zM9 2h5M9 7h5M2 11h5v3H2zM9 14h5v-3" />
      </svg>
      Pagewalk
    </span>
  );
}
