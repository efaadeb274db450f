using Sluice.Chat;
using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>A caller that is no key's holder.</summary>
/// <param name="Caller">Who it is.</param>
internal sealed record SignedInCaller(Caller Caller) : ICallerFeature;
