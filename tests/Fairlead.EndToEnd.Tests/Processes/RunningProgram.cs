using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Fairlead.EndToEnd.Tests.Processes;

/// <summary>The built program as a process.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    /// <summary>Longer than anything takes on a busy machine; a test that reaches it has failed.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private RunningProgram(Process process, string? input)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _errors = ReadAsync(process.StandardError);
        if (input is not null)
        {
            process.StandardInput.Write(input);
        }

        process.StandardInput.Close();
    }

    private static string Executable => Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "fairlead.exe" : "fairlead");

    public static RunningProgram Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null, string? directory = null)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new RunningProgram(Process.Start(start)!, input);
    }

    public static async Task<ProgramResult> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? input = null, string? directory = null)
    {
        await using var program = Start(arguments, environment, input, directory);
        return await program.EndAsync();
    }

    /// <summary>Waits for a line of output, on either stream, that contains a text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(limit.Token);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The program did not print \"{text}\" within {Limit}.", e);
        }
        catch (ChannelClosedException e)
        {
            throw new InvalidOperationException($"The program ended without printing \"{text}\". Errors: {await _errors}", e);
        }
    }

    /// <summary>Asks the program to end, as Kubernetes does.</summary>
    public void Terminate() => Assert.Equal(0, Kill(_process.Id, SigTerm));

    /// <summary>Ends the program and nothing it has started.</summary>
    public void KillAlone() => Assert.Equal(0, Kill(_process.Id, SigKill));

    /// <summary>Waits until the program has ended.</summary>
    public async Task<ProgramResult> EndAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The program did not end within {within ?? Limit}.", e);
        }

        return new ProgramResult(_process.ExitCode, await _output, await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(StreamReader reader)
    {
        var text = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            _lines.Writer.TryWrite(line);
        }

        // Standard output closes when the program ends.
        if (reader == _process.StandardOutput)
        {
            _lines.Writer.TryComplete();
        }

        return text.ToString();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
