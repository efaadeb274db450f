namespace Sluice.EndToEnd.Browser;

/// <summary>The tests that share one browser; they run one after the other.</summary>
[CollectionDefinition(nameof(BrowserTests))]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>;
