using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>Numbers and names of the DERP protocol, version 2.</summary>
public static class DerpProtocol
{
    public const int Version = 2;

    /// <summary>Path of the upgrade request.</summary>
    public const string Path = "/derp";

    /// <summary>Value of the Upgrade header.</summary>
    public const string UpgradeToken = "DERP";

    /// <summary>Subprotocol of a WebSocket to <see cref="Path"/>, whose binary messages are DERP in pieces of any size.</summary>
    public const string WebSocketProtocol = "derp";

    /// <summary>Request header: <c>1</c> asks the server to begin with DERP at once, without a 101 reply.</summary>
    public const string FastStartHeader = "Derp-Fast-Start";

    /// <summary>Reply header with <see cref="Version"/>.</summary>
    public const string VersionHeader = "Derp-Version";

    /// <summary>Reply header with the server's key as 64 hexadecimal digits.</summary>
    public const string PublicKeyHeader = "Derp-Public-Key";

    public const string ProbePath = "/derp/probe";

    public const string LatencyCheckPath = "/derp/latency-check";

    /// <summary>Type and length.</summary>
    public const int HeaderSize = 5;

    /// <summary>Largest relayed packet in bytes, keys not counted.</summary>
    public const int MaxPacketSize = 64 << 10;

    /// <summary>Longest payload that a receiver needs: a forwarded packet with two keys.</summary>
    public const int MaxPayloadSize = MaxPacketSize + (2 * PublicKey.Size);

    /// <summary>
    /// Longest payload of a type one does not know that is still skipped. The protocol names no limit; this one is far above all known
    /// types, and a stream that claims more has lost its framing.
    /// </summary>
    public const int MaxSkippedSize = 1 << 20;

    /// <summary>Payload of a ping and a pong.</summary>
    public const int PingSize = 8;

    /// <summary>A server sends something at least this often; a random part is taken off so that clients do not move in step.</summary>
    public static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(60);

    /// <summary>A client gives a connection up after so long a silence: two keep-alives.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(120);

    /// <summary>"DERP" and a key, in UTF-8: begins the payload of <see cref="DerpFrameType.ServerKey"/>.</summary>
    public static ReadOnlySpan<byte> Magic => "DERP🔑"u8;
}
