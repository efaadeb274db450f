using System.Runtime.InteropServices;

namespace Sluice.Chat;

/// <summary>How far a limit per minute is used up.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Remaining">What may be taken at once; not below 0.</param>
/// <param name="Reset">Until all of it may be taken again, if nothing more is taken.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LimitState(long Limit, long Remaining, TimeSpan Reset);
