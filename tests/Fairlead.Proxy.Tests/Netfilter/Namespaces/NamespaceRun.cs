using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Fairlead.Proxy.Tests.Netfilter.Namespaces;

/// <summary>
/// Runs test classes of this assembly in user and network namespaces of their own, where they may make interfaces and rules: an
/// unprivileged user can, unless the system forbids user namespaces.
/// </summary>
internal static partial class NamespaceRun
{
    private const string InsideVariable = "FAIRLEAD_TESTS_IN_NAMESPACE";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string?> RefusedBecause = new(() => Refusal("true"));

    public static bool IsInside => Environment.GetEnvironmentVariable(InsideVariable) == "1";

    /// <summary>For tests that work only inside: outside they are skipped, and another test runs them inside.</summary>
    public static void RequireInside() => Assert.SkipUnless(IsInside, "It is run inside a network namespace by another test.");

    /// <summary>Skips unless a program is installed.</summary>
    public static void RequireProgram(string name) =>
        Assert.SkipUnless(SystemPath.Split(':').Any(directory => File.Exists(Path.Combine(directory, name))), $"'{name}' is not installed.");

    /// <summary>Skips unless a command succeeds in a new namespace.</summary>
    public static void RequireCommand(params string[] command)
    {
        SkipWhere(RefusedBecause.Value);
        SkipWhere(Refusal(command));
    }

    /// <summary>Runs all tests of a class inside a new namespace; skips where the system refuses one, or where tests are skipped inside.</summary>
    /// <param name="through">A command that runs the one appended to it.</param>
    public static async Task OfAsync(Type testClass, CancellationToken cancellationToken, params string[] through)
    {
        SkipWhere(RefusedBecause.Value);

        // The lock of iptables lies where only the system's administrator may write, who a user is only inside.
        using var lockDirectory = new TemporaryDirectory();
        var start = new ProcessStartInfo("unshare", ["-Urn", .. through, Environment.ProcessPath!, "-class", testClass.FullName!, "-noLogo", "-noColor"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[InsideVariable] = "1";
        start.Environment["XTABLES_LOCKFILE"] = Path.Combine(lockDirectory.Path, "xtables.lock");
        start.Environment["PATH"] = SystemPath;
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await output + await error);
            if (Skipped().Match(await output) is { Success: true } skipped)
            {
                Assert.Skip(skipped.Value.ReplaceLineEndings(" "));
            }
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // Programs for administrators are often installed where a user's PATH does not lead.
    private static string SystemPath => Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin";

    private static void SkipWhere(string? reason) => Assert.SkipWhen(reason is not null, reason ?? "");

    private static string? Refusal(params string[] command)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Network namespaces are Linux's.";
        }

        try
        {
            var start = new ProcessStartInfo("unshare", ["-Urn", .. command]) { RedirectStandardError = true, RedirectStandardOutput = true };
            start.Environment["PATH"] = SystemPath;
            start.Environment["XTABLES_LOCKFILE"] = Path.Combine(Path.GetTempPath(), $"xtables-{Guid.NewGuid():N}.lock");
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            File.Delete(start.Environment["XTABLES_LOCKFILE"]!);
            return process.ExitCode == 0 ? null : $"'{string.Join(' ', command)}' does not work in a network namespace here: {error.Result.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return $"unshare(1) cannot be run: {e.Message}";
        }
    }

    [GeneratedRegex(@"\S+ \[SKIP\]\s+\S.*")]
    private static partial Regex Skipped();
}
