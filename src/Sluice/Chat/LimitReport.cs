using System.Runtime.InteropServices;

namespace Sluice.Chat;

/// <summary>How much a caller may still ask; what is null has no limit.</summary>
/// <param name="Requests">Questions in a minute.</param>
/// <param name="Tokens">Tokens in a minute.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LimitReport(LimitState? Requests, LimitState? Tokens);
