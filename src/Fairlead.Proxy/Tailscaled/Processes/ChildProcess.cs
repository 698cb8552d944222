using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;

namespace Fairlead.Proxy.Tailscaled.Processes;

/// <summary>A running child process. Disposing ends it, with its whole process group, at once; ask it to end before by <see cref="Signal"/>.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Interrupted = 4;

    private readonly TaskCompletionSource<ChildExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _outputEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly int _id;
    private bool _reaped;

    private ChildProcess(int id) => _id = id;

    /// <summary>Completes when the process has ended.</summary>
    public Task<ChildExit> Exit => _exit.Task;

    /// <summary>Completes when all of the output has been given on.</summary>
    public Task OutputEnd => _outputEnd.Task;

    /// <param name="onLine">Gets each line of standard output and standard error, in order, on one thread.</param>
    /// <exception cref="Hosting.ProxyException">It cannot be started.</exception>
    public static ChildProcess Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, Action<string> onLine)
    {
        var output = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        try
        {
            var child = new ChildProcess(ProcessSpawn.Start(program, arguments, environment, output.ClientSafePipeHandle));
            output.DisposeLocalCopyOfClientHandle();

            // Both block in the kernel for as long as the child lives, which threads of the pool must not.
            new Thread(child.Reap) { IsBackground = true, Name = $"{Path.GetFileName(program)} exit" }.Start();
            new Thread(() => child.ReadOutput(output, onLine)) { IsBackground = true, Name = $"{Path.GetFileName(program)} output" }.Start();
            return child;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    /// <summary>Sends a signal to the process alone; does nothing once it has ended.</summary>
    public void Signal(LinuxSignal signal)
    {
        lock (_gate)
        {
            // The ID may be another process's as soon as this one has been reaped.
            if (!_reaped)
            {
                _ = Kill(_id, (int)signal);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_reaped)
            {
                _ = Kill(-_id, (int)LinuxSignal.Kill);
            }
        }

        await Exit.ConfigureAwait(false);
    }

    private void Reap()
    {
        // Waits without reaping first, so that between the end of the wait and the mark the ID is still this process's.
        while (WaitId(1, _id, 0, WaitExited | WaitKeep) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        int status;
        lock (_gate)
        {
            _reaped = true;
            while (WaitPid(_id, out status, 0) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
            {
            }
        }

        _exit.SetResult(ChildExit.FromStatus(status));
    }

    private void ReadOutput(AnonymousPipeServerStream output, Action<string> onLine)
    {
        try
        {
            using var reader = new StreamReader(output, Encoding.UTF8);
            while (reader.ReadLine() is { } line)
            {
                onLine(line);
            }
        }
        finally
        {
            _outputEnd.SetResult();
        }
    }

    // sys/wait.h of Linux.
    private const int WaitExited = 4;
    private const int WaitKeep = 0x01000000;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int id, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int id, out int status, int options);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitId(int idType, int id, nint info, int options);
}
