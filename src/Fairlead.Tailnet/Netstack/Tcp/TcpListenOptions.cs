namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>How a port is listened on.</summary>
public sealed record TcpListenOptions
{
    public static TcpListenOptions Default { get; } = new();

    /// <summary>Handshakes under way that are remembered; beyond it they go on without memory, by SYN cookies.</summary>
    public int HandshakeBacklog { get; init; } = 256;

    /// <summary>Connections that wait to be accepted; beyond it new ones are not answered.</summary>
    public int AcceptBacklog { get; init; } = 512;

    /// <summary>Of each accepted connection.</summary>
    public TcpConnectionOptions Connection { get; init; } = TcpConnectionOptions.Default;
}
