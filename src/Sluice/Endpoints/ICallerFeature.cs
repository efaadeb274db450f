using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>Says who asks, where that is known. Set by whoever authenticates, on <c>HttpContext.Features</c>.</summary>
public interface ICallerFeature
{
    /// <summary>Who asks.</summary>
    Caller Caller { get; }
}
