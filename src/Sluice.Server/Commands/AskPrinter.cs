using System.Text;
using System.Text.Json;

namespace Sluice.Server.Commands;

/// <summary>Shows the native events of one answer on a terminal, and knows whether all of it was shown.</summary>
/// <remarks>
/// Feed it every event's data with <see cref="Write"/>, then ask <see cref="Finish"/> for the exit code; both for `ask --url` and in process.
/// Not safe for several threads.
/// </remarks>
internal sealed class AskPrinter(TextWriter output, TextWriter error, bool isTerminal)
{
    private const string Dim = "\e[2m";
    private const string Normal = "\e[22m";

    private readonly StringBuilder _shown = new();
    private bool _dimmed;
    private bool _voided;
    private int? _exit;

    /// <summary>Whether the terminal event has come: no more are expected.</summary>
    public bool IsEnded => _exit is not null;

    /// <summary>A printer that knows whether standard output is a terminal: only there reasoning is shown, dimmed.</summary>
    public static AskPrinter For(TextWriter output, TextWriter error) =>
        new(output, error, isTerminal: ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected);

    /// <summary>Shows one event; events of unknown types are passed over.</summary>
    /// <param name="json">The event's data: one JSON object with `type`.</param>
    public void Write(ReadOnlyMemory<byte> json)
    {
        if (IsEnded) return;
        try
        {
            using var document = JsonDocument.Parse(json);
            Show(document.RootElement);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            Fail("malformed_event", "the server sent an event that cannot be read");
        }
    }

    /// <summary>To be called when no more events come: without a terminal event the answer is not whole.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public int Finish()
    {
        if (!IsEnded) Fail("truncated", "the connection ended before the answer did");
        return _exit!.Value;
    }

    /// <summary>Says what went wrong, and that what was shown is not all.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public int Fail(string code, string message)
    {
        EndText();
        error.WriteLine($"sluice: {code}: {message}");
        if (_shown.Length > 0) error.WriteLine($"sluice: the answer above is cut after {_shown.Length} characters");
        _exit = ExitCode.Failed;
        return ExitCode.Failed;
    }

    private void Show(JsonElement data)
    {
        switch (Text(data, "type"))
        {
            case "delta":
                ShowText(Text(data, "content"));
                break;
            case "reasoning":
                ShowReasoning(Text(data, "content"));
                break;
            case "status":
                if (isTerminal) error.WriteLine($"[{Text(data, "state")}]");
                break;
            case "reset":
                Void(Text(data, "reason"));
                break;
            case "snapshot":
                ShowWhole(Text(data, "text"));
                break;
            case "end":
                End(Text(data, "answer"));
                break;
            case "error":
                Fail(Text(data, "code"), Text(data, "message"));
                break;
            case "cancelled":
                Fail("cancelled", "the answer was cancelled");
                break;
        }
    }

    private void ShowText(string text)
    {
        if (_dimmed) output.Write(Normal + "\n");
        _dimmed = false;
        _shown.Append(text);
        output.Write(text);
        output.Flush();
    }

    private void ShowReasoning(string text)
    {
        if (!isTerminal) return;
        output.Write(_dimmed ? text : Dim + text);
        _dimmed = true;
        output.Flush();
    }

    private void Void(string reason)
    {
        _voided |= _shown.Length > 0;
        EndText();
        _shown.Clear();
        error.WriteLine($"sluice: the text above is void ({reason}); the answer starts again");
    }

    private void ShowWhole(string text)
    {
        var shown = _shown.ToString();
        if (!text.StartsWith(shown, StringComparison.Ordinal))
        {
            Void("replaced");
            shown = "";
        }

        ShowText(text[shown.Length..]);
    }

    private void End(string answer)
    {
        if (_shown.ToString() != answer)
        {
            Fail("incomplete", "what was shown is not the whole answer");
            return;
        }

        if (_voided && !isTerminal)
        {
            // A person sees the notice; whoever reads the output from a pipe or a file would take the void text for a part of the answer.
            Fail("restarted", "the output also holds text that was declared void");
            return;
        }

        EndText();
        _exit = ExitCode.Done;
    }

    private void EndText()
    {
        if (_dimmed) output.Write(Normal);
        if (_dimmed || (_shown.Length > 0 && _shown[^1] != '\n')) output.Write("\n");
        _dimmed = false;
        output.Flush();
    }

    private static string Text(JsonElement data, string name) =>
        data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
