namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>First byte of a DERP frame. Types not listed are skipped by whoever receives them.</summary>
public enum DerpFrameType : byte
{
    /// <summary>First frame of a server: magic and its public key.</summary>
    ServerKey = 0x01,

    /// <summary>First frame of a client: node key, nonce and a box of <see cref="DerpClientInfo"/>.</summary>
    ClientInfo = 0x02,

    /// <summary>Answer to <see cref="ClientInfo"/>: nonce and a box of <see cref="DerpServerInfo"/>.</summary>
    ServerInfo = 0x03,

    /// <summary>To a server: destination and packet.</summary>
    SendPacket = 0x04,

    /// <summary>To a client: source and packet.</summary>
    RecvPacket = 0x05,

    KeepAlive = 0x06,

    /// <summary>To a server: one byte, 1 if the client has its home there.</summary>
    NotePreferred = 0x07,

    /// <summary>To a client: a node it sent to, and a <see cref="DerpPeerGoneReason"/>.</summary>
    PeerGone = 0x08,

    /// <summary>To a watcher: a node that is connected.</summary>
    PeerPresent = 0x09,

    /// <summary>Between servers of a mesh: source, destination and packet.</summary>
    ForwardPacket = 0x0a,

    WatchConnections = 0x10,

    ClosePeer = 0x11,

    /// <summary>8 bytes to be returned in a <see cref="Pong"/>. Either side may ask.</summary>
    Ping = 0x12,

    Pong = 0x13,

    /// <summary>To a client: what is wrong with its connection, as text; empty when nothing is any more.</summary>
    Health = 0x14,

    /// <summary>To a client: the server is about to restart; when to return and how long to try.</summary>
    Restarting = 0x15,
}
