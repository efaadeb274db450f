/** The gate of a sluice, half raised over its water. */
export function Logo({ size }: { size: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect class="logo-ground" width="32" height="32" rx="8" />
      <path class="logo-posts" d="M9 6.5v19M23 6.5v19" />
      <path class="logo-gate" d="M12.5 8.5h7v5.5h-7z" />
      <path class="logo-water" d="M12.5 18.5c1.2-1.3 2.3-1.3 3.5 0s2.3 1.3 3.5 0M12.5 23c1.2-1.3 2.3-1.3 3.5 0s2.3 1.3 3.5 0" />
    </svg>
  );
}
