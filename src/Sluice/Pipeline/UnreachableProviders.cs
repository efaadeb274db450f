using System.Collections.Concurrent;

namespace Sluice.Pipeline;

/// <summary>Providers that did not answer when they were last probed. What is asked of them goes to them all the same: only a question shows whether it is answered.</summary>
internal sealed class UnreachableProviders
{
    private readonly ConcurrentDictionary<string, string> _codes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Each with the code of what it failed with.</summary>
    public IReadOnlyDictionary<string, string> All => _codes;

    /// <summary>A provider has been probed.</summary>
    /// <param name="provider">Its name.</param>
    /// <param name="code">What it failed with; null where it has answered.</param>
    /// <returns>Whether that is news.</returns>
    public bool Set(string provider, string? code)
    {
        if (code is null)
        {
            return _codes.TryRemove(provider, out _);
        }

        var isNew = !_codes.ContainsKey(provider);
        _codes[provider] = code;
        return isNew;
    }

    /// <summary>Forgets those that are no longer probed.</summary>
    /// <param name="probed">Those that are.</param>
    public void Keep(IReadOnlyCollection<string> probed)
    {
        foreach (var gone in _codes.Keys.Except(probed, StringComparer.OrdinalIgnoreCase).ToList())
        {
            _codes.TryRemove(gone, out _);
        }
    }
}
