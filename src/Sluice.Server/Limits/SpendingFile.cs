using Sluice.Limits;

namespace Sluice.Server.Limits;

/// <summary>Lets budgets outlive the process, where a file for that is configured.</summary>
internal static class SpendingFile
{
    /// <summary>Keeps what is spent in <c>Sluice:Limits:SpendingFile</c>.</summary>
    public static void AddSluiceSpending(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["Sluice:Limits:SpendingFile"] is { Length: > 0 } path)
        {
            services.AddSingleton<ISpendingStore>(new SqliteSpendingStore(path));
        }
    }
}
