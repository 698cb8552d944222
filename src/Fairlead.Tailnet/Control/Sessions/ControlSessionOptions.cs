using Fairlead.Tailnet.Control.ControlToNode;
using Fairlead.Tailnet.Control.Description;
using Fairlead.Tailnet.Control.Pings;
using Fairlead.Tailnet.Control.Registration;
using Fairlead.Tailnet.Control.Transport;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tailnet.Control.Sessions;

/// <summary>What a <see cref="ControlSession"/> needs. Its text never contains keys.</summary>
public sealed record ControlSessionOptions
{
    /// <summary>Stays the caller's.</summary>
    public required IControlConnection Connection { get; init; }

    /// <summary>The node's key, be it one that the server knows or a new one. Stays the caller's.</summary>
    public required NodePrivateKey NodeKey { get; init; }

    /// <summary>The key of a renewal that an earlier session began and did not end: the server knows the node by this or by <see cref="NodeKey"/>. Stays the caller's.</summary>
    public NodePrivateKey? PendingNodeKey { get; init; }

    /// <summary>
    /// Keeps the key that is to take the place of one that expired, beside that one, and is the caller's from then on. It is awaited before
    /// the server is told of the key; if it fails, the renewal is tried again.
    /// </summary>
    public required Func<NodePrivateKey, CancellationToken, ValueTask> NodeKeyPending { get; init; }

    /// <summary>
    /// Takes on the key that the server knows the node by after a renewal: the pending one, or <see cref="NodeKey"/> if the server never took
    /// that. It is awaited before the key is used; if it fails, the registration is tried again.
    /// </summary>
    public required Func<NodePrivateKey, CancellationToken, ValueTask> NodeKeyChanged { get; init; }

    public required NodeDescription Description { get; init; }

    /// <summary>An auth key, or an OAuth client's secret (<see cref="ClientSecret"/>); empty to have a user log in.</summary>
    public string AuthKey { get; init; } = "";

    /// <summary>Makes auth keys with OAuth clients' secrets; only needed for these.</summary>
    public AuthKeyIssuer? AuthKeyIssuer { get; init; }

    /// <summary>Whether the node goes as soon as it is no longer connected.</summary>
    public bool Ephemeral { get; init; }

    /// <summary>Preferred tailnet of a user who is in several.</summary>
    public string Tailnet { get; init; } = "";

    public MapCompression Compression { get; init; } = ZstdCodec.IsAvailable ? MapCompression.Zstd : MapCompression.None;

    /// <summary>Pings other nodes at the server's request; null if the node cannot.</summary>
    public NodePinger? Pinger { get; init; }

    /// <summary>What the server may ask of the node besides the usual; these come first.</summary>
    public IReadOnlyList<ControlToNodeRoute> Routes { get; init; } = [];

    /// <summary>For requests of the server to URLs outside the encrypted channel; null for the usual.</summary>
    public HttpMessageInvoker? PlainHttp { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For jitter.</summary>
    public Random Random { get; init; } = Random.Shared;

    public ILogger Logger { get; init; } = NullLogger.Instance;

    public override string ToString() => $"{nameof(ControlSessionOptions)} of {NodeKey.PublicKey} with {Connection.ControlUrl}";
}
