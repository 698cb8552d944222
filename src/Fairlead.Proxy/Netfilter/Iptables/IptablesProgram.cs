using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Netfilter.Iptables;

/// <summary>Runs iptables or ip6tables.</summary>
internal sealed partial class IptablesProgram(string name)
{
    // Another program may hold the lock that iptables takes; longer than this none holds it that works.
    private const string LockSeconds = "10";

    private string RestoreName => name + "-restore";

    /// <summary>Whether the program is found at all.</summary>
    public bool IsInstalled => name.Contains('/')
        ? File.Exists(name)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Any(directory => File.Exists(Path.Combine(directory, name)));

    /// <exception cref="ForwardingException">The program cannot be run or fails.</exception>
    public async Task<ImmutableArray<IptablesRule>> ListAsync(string table, CancellationToken cancellationToken)
    {
        string[] arguments = ["-w", LockSeconds, "-t", table, "-S"];
        var (exitCode, output, error) = await RunAsync(name, arguments, "", cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new ForwardingException($"'{name} {string.Join(' ', arguments)}' failed with exit code {exitCode}: {error} {Remedy(error)}");
        }

        return [.. output.Split('\n').Select(line => IptablesRule.Parse(table, line)).OfType<IptablesRule>()];
    }

    /// <summary>Makes changes; those up to a <c>COMMIT</c> all or none.</summary>
    /// <exception cref="ForwardingException">The program cannot be run or refuses a line, which the message names.</exception>
    public async Task RestoreAsync(ImmutableArray<string> lines, CancellationToken cancellationToken)
    {
        string[] arguments = ["-w", LockSeconds, "--noflush"];
        var (exitCode, _, error) = await RunAsync(RestoreName, arguments, string.Join('\n', lines) + '\n', cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            var refused = LineNumber().Match(error) is { Success: true } match && int.Parse(match.Groups[1].Value) is var number && number <= lines.Length
                ? $" at '{lines[number - 1]}'"
                : "";
            throw new ForwardingException($"'{RestoreName} {string.Join(' ', arguments)}' failed with exit code {exitCode}{refused}: {error} {Remedy(error)}");
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            try
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it had read everything, and says why.
            }

            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (process.ExitCode, await output.ConfigureAwait(false), (await error.ConfigureAwait(false)).Trim().ReplaceLineEndings(" "));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new ForwardingException(
                $"'{program}' cannot be run: {e.Message}. Install iptables in the image, or set {FirewallModeChoice.Variable}=nftables, which needs no program.", e);
        }
    }

    private static string Remedy(string error) =>
        error.Contains("Permission denied", StringComparison.OrdinalIgnoreCase) || error.Contains("Operation not permitted", StringComparison.OrdinalIgnoreCase)
            ? "Give the container the capability NET_ADMIN, and a writable /run for the lock."
            : error.Contains("does not exist", StringComparison.Ordinal) || error.Contains("can't initialize", StringComparison.Ordinal)
                ? $"Load the kernel modules of iptables' NAT on the node, or set {FirewallModeChoice.Variable}=nftables."
                : $"Look at 'iptables-save' in the Pod's network namespace, or set {FirewallModeChoice.Variable}=nftables.";

    [GeneratedRegex(@"\bline:? (\d+)\b")]
    private static partial Regex LineNumber();
}
