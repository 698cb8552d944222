using System.Diagnostics;
using System.Runtime.CompilerServices;
using Fairlead.Tailnet.Tun;

namespace Fairlead.Tailnet.Tests.Tun;

/// <summary>
/// Runs tests of this assembly in network namespaces of their own, where they may make devices and routes: an unprivileged user can,
/// unless the system forbids user namespaces.
/// </summary>
internal static class NetworkNamespace
{
    private const string InsideVariable = "FAIRLEAD_TESTS_IN_NAMESPACE";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string?> RefusedBecause = new(FindRefusal);

    /// <summary>A new namespace has nothing, not even a loopback interface that is up.</summary>
    [ModuleInitializer]
    internal static void BringUpLoopback()
    {
        if (IsInside && OperatingSystem.IsLinux())
        {
            const int Loopback = 1;
            using var netlink = new NetlinkRoutes(Loopback);
            netlink.BringUp(65_536);
        }
    }

    public static bool IsInside => Environment.GetEnvironmentVariable(InsideVariable) == "1";

    /// <summary>For tests that work only inside: outside they are skipped, and another test runs them inside.</summary>
    public static void RequireInside() => Assert.SkipUnless(IsInside, "It is run inside a network namespace by another test.");

    /// <summary>Runs all tests of a class inside a new namespace; skips where the system refuses one.</summary>
    public static async Task RunInsideAsync(Type testClass, CancellationToken cancellationToken)
    {
        Assert.SkipWhen(RefusedBecause.Value is not null, RefusedBecause.Value ?? "");
        var (exitCode, output) = await RunAsync([Environment.ProcessPath!, "-class", testClass.FullName!, "-noLogo"], cancellationToken);
        Assert.True(exitCode == 0, output);
    }

    private static string? FindRefusal()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Network namespaces are Linux's.";
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo("unshare", ["-Urn", "sh", "-c", "test -w /dev/net/tun"]) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"No network namespace with TUN devices is to be had here. {error}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"unshare(1) cannot be run: {e.Message}";
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("unshare", ["-Urn", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[InsideVariable] = "1";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
