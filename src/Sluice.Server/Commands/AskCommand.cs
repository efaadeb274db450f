using System.CommandLine;

namespace Sluice.Server.Commands;

/// <summary>`sluice ask`: one question, its answer on the terminal.</summary>
internal sealed class AskCommand : ExampleCommand
{
    private readonly Func<AskArguments, CancellationToken, Task<int>> _inProcess;
    private readonly Argument<string> _question = new("question") { Description = "what to ask" };
    private readonly Option<string?> _model = new("--model", "-m") { Description = "the model; without it the server's default", HelpName = "M" };
    private readonly Option<Uri?> _url = UrlOption.Create("the server to ask; without it the answer comes in process, no server needed");
    private readonly Option<string?> _config = new("--config") { Description = "one more configuration file, when answering in process", HelpName = "FILE" };
    private readonly Option<KeyValuePair<string, string>[]> _headers = HeaderOption.Create();

    public AskCommand(Func<AskArguments, CancellationToken, Task<int>> inProcess)
        : base("ask", "Asks one question and streams the answer to the terminal.")
    {
        _inProcess = inProcess;
        Notes = "The answer goes to standard output as it comes, everything else to standard error. Exit code 0 means that all of it was shown.";
        Examples =
        [
            "sluice ask \"Why is the sky blue?\"",
            "sluice ask \"Explain SSE\" --model gpt-4o --url http://127.0.0.1:5080",
            "sluice ask \"List three rivers\" --url https://chat.example.org -H \"Authorization: Bearer $KEY\" > rivers.txt",
        ];
        _question.Validators.Add(static result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError("The question is empty.");
        });
        Arguments.Add(_question);
        foreach (Option option in (ReadOnlySpan<Option>)[_model, _url, _config, _headers]) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var arguments = new AskArguments(
            parsed.GetRequiredValue(_question), parsed.GetValue(_model), parsed.GetValue(_url), parsed.GetValue(_config), parsed.GetValue(_headers) ?? []);
        if (arguments.Url is null) return await _inProcess(arguments, cancellationToken);
        var invocation = parsed.InvocationConfiguration;
        var printer = AskPrinter.For(invocation.Output, invocation.Error);
        return await AskClient.RunAsync(arguments, printer, cancellationToken);
    }
}
