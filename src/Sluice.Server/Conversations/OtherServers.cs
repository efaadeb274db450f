namespace Sluice.Server.Conversations;

/// <summary>What is held of the other servers that share a database.</summary>
internal enum OtherServers
{
    /// <summary>Nothing: this one has not been sure of the database for long enough.</summary>
    Spared,

    /// <summary>Those whose lease has run out are dead.</summary>
    Leased,

    /// <summary>All are dead: this one has the database for itself.</summary>
    Dead,
}
