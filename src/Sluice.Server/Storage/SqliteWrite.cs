namespace Sluice.Server.Storage;

/// <summary>Something to write, and who waits for it.</summary>
/// <param name="isDurable">See <see cref="ISqlDatabase.WriteAsync"/>.</param>
internal abstract class SqliteWrite(bool isDurable)
{
    /// <summary>See <see cref="ISqlDatabase.WriteAsync"/>.</summary>
    public bool IsDurable => isDurable;

    /// <summary>Does it. The writer's.</summary>
    public abstract void Run(SqlSession session);

    /// <summary>It is stored, unless it failed before.</summary>
    public abstract void Complete();

    /// <summary>It is not stored.</summary>
    public abstract void Fail(Exception reason);
}
