export function RootsPage() { return <main className="explorer" />; }
