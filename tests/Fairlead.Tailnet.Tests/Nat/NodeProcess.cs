using System.Diagnostics;

namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>The tests' program, run in a home's namespace as <see cref="NodeInHomeTests"/>: takes commands and answers each with a line.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>Marks the lines that are answers, among what else the runner prints.</summary>
    public const string AnswerMark = "answer: ";

    public const string FailureMark = "failed: ";

    public const string Variable = "FAIRLEAD_TESTS_NODE_IN_HOME";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly Process _process;

    private NodeProcess(Process process) => _process = process;

    public static NodeProcess Start(HeldNamespace home)
    {
        var command = home.Enter(Environment.ProcessPath!, "-class", typeof(NodeInHomeTests).FullName!, "-noLogo", "-noColor");
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment[Variable] = "1";
        return new NodeProcess(Process.Start(start)!);
    }

    /// <summary>Gives a command and waits for its answer.</summary>
    public async Task<string> AskAsync(string command, CancellationToken stop)
    {
        await TellAsync(command);
        return await AnswerAsync(command, stop);
    }

    public async Task TellAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
    }

    public async Task<string> AnswerAsync(string command, CancellationToken stop)
    {
        // What follows the verb may be an auth key.
        var verb = command.Split(' ')[0];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        var other = new List<string>();
        try
        {
            while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(AnswerMark, StringComparison.Ordinal))
                {
                    var answer = line[AnswerMark.Length..];
                    Assert.False(answer.StartsWith(FailureMark, StringComparison.Ordinal), $"{verb}: {answer}");
                    return answer;
                }

                other.Add(line);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            other.Add($"No answer within {Limit.TotalSeconds} s.");
        }

        throw new InvalidOperationException($"'{verb}' was not answered:\n{string.Join('\n', other)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
