using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>Runs a credential program once.</summary>
internal static class ExecProcess
{
    private const string InfoVariable = "KUBERNETES_EXEC_INFO";

    // What a program says last usually tells what is wrong.
    private const int ShownErrorText = 1024;

    /// <returns>What the program printed.</returns>
    /// <exception cref="CredentialException">It cannot be run, or failed.</exception>
    public static async Task<ReadOnlyMemory<byte>> RunAsync(ExecPlugin plugin, CancellationToken cancellationToken)
    {
        var interactive = plugin.InteractiveMode != ExecInteractiveMode.Never && !Console.IsInputRedirected;
        if (plugin.InteractiveMode == ExecInteractiveMode.Always && !interactive)
            throw new CredentialException($"The credential program '{plugin.Command}' needs a terminal (interactiveMode: Always), and there is none. Run this in a terminal, or use other credentials.");

        using var process = new Process { StartInfo = StartInfo(plugin, interactive) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            var hint = plugin.InstallHint is { } installHint ? $" {installHint.Trim()}" : " Install it, or correct users[].user.exec.command.";
            throw new CredentialException($"The credential program '{plugin.Command}' cannot be run: {e.Message}.{hint}", e);
        }

        try
        {
            if (!interactive)
                process.StandardInput.Close();

            using var output = new MemoryStream();
            var errorText = interactive ? Task.FromResult("") : process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
            var error = await errorText.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0)
                throw new CredentialException($"The credential program '{plugin.Command}' failed with exit code {process.ExitCode}. {LastOf(error)}");

            return output.ToArray();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static ProcessStartInfo StartInfo(ExecPlugin plugin, bool interactive)
    {
        var start = new ProcessStartInfo(plugin.Command, plugin.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = !interactive,
            RedirectStandardError = !interactive,
            StandardErrorEncoding = interactive ? null : Encoding.UTF8,
        };
        foreach (var (name, value) in plugin.Environment)
            start.Environment[name] = value;

        var spec = new JsonObject { ["interactive"] = interactive };
        if (plugin.Cluster is { } cluster)
            spec["cluster"] = cluster.DeepClone();

        var info = new JsonObject { ["apiVersion"] = plugin.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec };
        start.Environment[InfoVariable] = info.ToJsonString();
        return start;
    }

    private static string LastOf(string error)
    {
        var text = error.Trim();
        return text.Length > ShownErrorText ? $"… {text[^ShownErrorText..]}" : text;
    }
}
