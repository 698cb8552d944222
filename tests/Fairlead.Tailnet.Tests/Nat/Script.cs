using System.Diagnostics;

namespace Fairlead.Tailnet.Tests.Nat;

/// <summary>Runs scripts of the shell that must succeed.</summary>
internal static class Script
{
    public static string WithSystemPath(string script) => "PATH=$PATH:/usr/sbin:/sbin\n" + script;

    public static Task RunAsync(string script, CancellationToken stop) => RunAsync(["sh", "-e", "-c", WithSystemPath(script)], stop);

    public static async Task RunAsync(string[] command, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        Assert.True(process.ExitCode == 0, $"{command[^1]}\n{error}");
    }
}
