namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What a listener does with a SYN.</summary>
internal enum HandshakeAdmission
{
    /// <summary>Too many connections wait to be accepted: it is not answered, and the peer tries again.</summary>
    Ignore,

    /// <summary>The handshake is remembered.</summary>
    Remember,

    /// <summary>It goes on without memory.</summary>
    Cookie,
}
