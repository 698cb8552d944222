namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>A handshake whose connection nobody listens for, and that a handler agreed to take.</summary>
/// <param name="Owner">Whose share of the handshakes it takes a place of; null if a cookie carried it, which takes none.</param>
internal sealed record ForwardedHandshake(Action<TcpConnection> Handler, object? Owner);
