using Fairlead.Tailnet.Protocol.Cryptography;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Control.Sessions;

/// <content>What it logs.</content>
public sealed partial class ControlSession
{
    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "Registered as {NodeKey}.")]
    private static partial void LogRegistered(ILogger logger, NodePublicKey nodeKey);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Connected to the coordination server as {Name}, with {Peers} peers.")]
    private static partial void LogConnected(ILogger logger, string name, int peers);

    [LoggerMessage(EventId = 12, Level = LogLevel.Warning, Message = "Not connected to the coordination server: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
