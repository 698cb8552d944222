using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Tailscaled.Processes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Tailscaled.Login;

/// <summary>
/// Logs the device in, or sets its preferences, by the command line: <c>TS_EXTRA_ARGS</c> are arguments of it, and only it can tell what they
/// mean. Secrets go to it through files.
/// </summary>
internal sealed class LoginCommand(TailscaledOptions options, ILogger logger)
{
    private readonly ProxyConfiguration _configuration = options.Configuration;

    /// <summary>Logs in; returns when the device is let in.</summary>
    /// <exception cref="ProxyException">It is refused.</exception>
    public async Task UpAsync(CancellationToken cancellationToken)
    {
        var credentials = _configuration.Credentials;
        var secrets = new List<SecretFile>();
        try
        {
            List<string> arguments = [$"--accept-dns={(_configuration.AcceptDns ? "true" : "false")}"];
            Add(arguments, "--authkey", Hidden(credentials.AuthKey));
            Add(arguments, "--client-id", credentials.ClientId);
            Add(arguments, "--client-secret", Hidden(credentials.ClientSecret));
            Add(arguments, "--id-token", Hidden(credentials.IdToken));
            Add(arguments, "--audience", credentials.Audience);
            AddPreferences(arguments);
            arguments.AddRange(_configuration.ExtraArguments);
            await RunAsync("up", arguments, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            secrets.ForEach(secret => secret.Dispose());
        }

        string Hidden(string secret)
        {
            if (secret.Length == 0 || secret.StartsWith("file:", StringComparison.Ordinal))
            {
                return secret;
            }

            // The socket's folder is one that this process can write to, even where the rest of the file system is read-only.
            var file = new SecretFile(Path.GetDirectoryName(Path.GetFullPath(_configuration.Socket))!, secret);
            secrets.Add(file);
            return file.Reference;
        }
    }

    /// <summary>Sets preferences of a device that is logged in already.</summary>
    /// <exception cref="ProxyException">They are refused.</exception>
    public Task SetAsync(CancellationToken cancellationToken)
    {
        List<string> arguments = [$"--accept-dns={(_configuration.AcceptDns ? "true" : "false")}"];
        AddPreferences(arguments);
        return RunAsync("set", arguments, cancellationToken);
    }

    private void AddPreferences(List<string> arguments)
    {
        if (_configuration.Routes is { } routes)
        {
            arguments.Add($"--advertise-routes={routes}");
        }

        Add(arguments, "--hostname", _configuration.Hostname);
    }

    private static void Add(List<string> arguments, string name, string value)
    {
        if (value.Length > 0)
        {
            arguments.Add($"{name}={value}");
        }
    }

    private async Task RunAsync(string verb, List<string> arguments, CancellationToken cancellationToken)
    {
        var log = new DaemonLog(logger, _configuration.Credentials);
        var command = ChildProcess.Start(
            options.CommandProgram, [$"--socket={_configuration.Socket}", verb, .. arguments], options.Environment, log.Write);
        await using (command.ConfigureAwait(false))
        {
            var exit = await command.Exit.WaitAsync(cancellationToken).ConfigureAwait(false);
            await command.OutputEnd.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (exit.Code != 0)
            {
                throw new ProxyException($"'tailscale {verb}' ended with {exit}: {log.LastLines}");
            }
        }
    }
}
