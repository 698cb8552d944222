using System.Diagnostics;

namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>A network namespace that lasts as long as the process that holds it, which ends by itself when this one does.</summary>
internal sealed class HeldNamespace : IDisposable
{
    private readonly Process _holder;

    private HeldNamespace(Process holder) => _holder = holder;

    public int Id => _holder.Id;

    public static async Task<HeldNamespace> CreateAsync(CancellationToken stop)
    {
        // It reads until its input ends, which the system sees to whatever happens to the tests.
        var holder = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", "echo ready; exec cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var result = new HeldNamespace(holder);
        Assert.Equal("ready", await holder.StandardOutput.ReadLineAsync(stop));
        return result;
    }

    /// <summary>What runs a command inside.</summary>
    public string[] Enter(params string[] command) => [ProgramSearch.Require("nsenter"), $"--net=/proc/{Id}/ns/net", .. command];

    /// <summary>Runs a script of the shell inside, to its end.</summary>
    public Task RunAsync(string script, CancellationToken stop) => Script.RunAsync(Enter("sh", "-e", "-c", Script.WithSystemPath(script)), stop);

    public void Dispose()
    {
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
