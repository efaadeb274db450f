namespace Sluice.Streams.Storage;

/// <summary>The right to append to a stream.</summary>
/// <param name="Id">The stream's name.</param>
/// <param name="Epoch">Which owner this is: 1 for the first, one more for each that took over. Whoever comes with a lower one is fenced.</param>
/// <param name="Last">The number of the last event that was there when the lease was given: where the owner goes on.</param>
internal sealed record StreamLease(string Id, long Epoch, long Last);
