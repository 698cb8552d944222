using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Tailscaled;

/// <summary>Leads from where the command line looks for a daemon to where this one listens.</summary>
internal sealed partial class SocketLink(string socket, string link, ILogger logger)
{
    /// <summary>Does nothing where there is nothing to do; that it cannot be made harms nobody but the person who must name the socket then.</summary>
    public void Make()
    {
        if (link.Length == 0 || Path.GetFullPath(link) == Path.GetFullPath(socket))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(link))!);
            File.Delete(link);
            File.CreateSymbolicLink(link, Path.GetFullPath(socket));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NotLinked(logger, link, socket, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Link} cannot be led to {Socket}, use tailscale --socket={Socket}: {Error}")]
    private static partial void NotLinked(ILogger logger, string link, string socket, string error);
}
