using System.CommandLine;
using System.CommandLine.Invocation;
using Fairlead.Verbs;

namespace Fairlead.CommandLine;

/// <summary>Runs one command line: usage errors, failures and cancellation become exit codes here and nowhere else.</summary>
internal static class Invocation
{
    /// <summary>Set to <c>1</c>, shows the stack trace of an internal error.</summary>
    private const string TraceVariable = "FAIRLEAD_TRACE";

    public static async Task<int> RunAsync(string[] args, CancellationToken stopping)
    {
        var result = RootVerb.Create().Parse(args);
        var verb = PathOf(result);
        if (result.Action is ParseErrorAction usage)
        {
            foreach (var error in result.Errors)
            {
                await Console.Error.WriteLineAsync($"{verb}: {error.Message}").ConfigureAwait(false);
            }

            usage.ShowHelp = false;
            await Console.Error.WriteLineAsync($"See '{verb} --help'.").ConfigureAwait(false);
            return ExitCodes.BadConfiguration;
        }

        try
        {
            // Signals are handled by StopSignals: the library's own handler would end the process after two seconds.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await result.InvokeAsync(configuration, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
#pragma warning disable CA1031 // The last line of defence: nobody is to be shown a stack trace for an error of theirs.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var failure = Failure.Of(e) ?? new Failure(ExitCodes.InternalError, InternalError(e));
            await Console.Error.WriteLineAsync($"{verb}: {failure.Message}").ConfigureAwait(false);
            return failure.ExitCode;
        }
    }

    private static string InternalError(Exception e) => Environment.GetEnvironmentVariable(TraceVariable) == "1"
        ? $"internal error: {e}"
        : $"internal error: {e.GetType().Name}: {e.Message}; run it again with {TraceVariable}=1 and report what it prints";

    private static string PathOf(ParseResult result)
    {
        var names = new Stack<string>();
        for (var command = result.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
        {
            names.Push(command.Command is RootCommand ? RootVerb.Name : command.Command.Name);
        }

        return string.Join(' ', names);
    }
}
