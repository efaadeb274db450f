using Microsoft.Extensions.Configuration.Json;

namespace Sluice.Server.Features;

/// <summary>A JSON file with settings. A slip in it while the server runs is reported, and what the file held before stays in force.</summary>
/// <remarks>The library's own source would forget what the file held before it says that it cannot be read.</remarks>
internal sealed class SettingsFile : JsonConfigurationSource
{
    /// <summary>Whether the server runs; before, a file that cannot be read is an error.</summary>
    public Func<bool> HasStarted { get; set; } = static () => false;

    /// <inheritdoc/>
    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new Content(this);
    }

    private sealed class Content(SettingsFile file) : JsonConfigurationProvider(file)
    {
        public override void Load(Stream stream)
        {
            try
            {
                base.Load(stream);
            }
            catch (FormatException e) when (file.HasStarted())
            {
                Console.Error.WriteLine($"{file.Path} cannot be read, what it held before stays in force: {e.InnerException?.Message ?? e.Message}");
            }
        }
    }
}
