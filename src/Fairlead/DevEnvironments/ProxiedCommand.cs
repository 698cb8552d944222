using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Fairlead.CommandLine;

namespace Fairlead.DevEnvironments;

/// <summary>A command of this machine's whose network is the tailnet, as far as it obeys the usual variables.</summary>
internal static class ProxiedCommand
{
    /// <summary>As shells report a command that is not there.</summary>
    private const int NotFound = 127;

    private const int SigTerm = 15;

    /// <summary>What reaches this machine itself, and with it the cluster's API, does not go through the tailnet.</summary>
    private const string Direct = "localhost,127.0.0.1,::1";

    /// <param name="proxy">Speaks HTTP and SOCKS5.</param>
    /// <param name="kubeconfig">For kubectl and its like.</param>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="UserErrorException">There is no such command.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, IPEndPoint proxy, string kubeconfig, CancellationToken stopping)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1));
        foreach (var (name, value) in Variables(proxy, kubeconfig))
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        using (stopping.Register(() => _ = Kill(process.Id, SigTerm)))
        {
            // Whoever stops this waits for the command, which has been told to end as well.
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return process.ExitCode;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new UserErrorException(NotFound, $"{start.FileName} cannot be run: {e.Message}", e);
        }
    }

    private static IEnumerable<(string Name, string Value)> Variables(IPEndPoint proxy, string kubeconfig)
    {
        // Programs differ in which case they read; curl takes http_proxy in lower case only.
        foreach (var (name, value) in ((string, string)[])[("http_proxy", $"http://{proxy}"), ("https_proxy", $"http://{proxy}"), ("all_proxy", $"socks5h://{proxy}"), ("no_proxy", Direct)])
        {
            yield return (name, value);
            yield return (name.ToUpperInvariant(), value);
        }

        yield return ("KUBECONFIG", kubeconfig);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
