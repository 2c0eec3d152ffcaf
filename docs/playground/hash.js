// Calls `action` when the part of the address behind its # is another one, until `signal`. The theme follows links of the
// site itself, even those within a page; then browsers say nothing, and the theme does, by `location$`.

export function onHash(action, signal) {
  const { pathname } = location;
  const here = () => location.pathname === pathname && action();
  addEventListener("hashchange", here, { signal });
  const followed = window.location$.subscribe(here);
  signal.addEventListener("abort", () => followed.unsubscribe());
}
