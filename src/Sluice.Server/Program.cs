using Sluice.Server.Commands;

return await CommandLine.RunAsync(
    args,
    serve: static (serverArgs, _) =>
    {
        Console.WriteLine($"serve {string.Join(' ', serverArgs)}");
        return Task.FromResult(0);
    },
    ask: static (_, _) => Task.FromResult(1));
