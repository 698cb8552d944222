namespace Fairlead.Tailnet.Protocol.Disco;

/// <summary>First byte of an opened disco message. Those of peer relays (4 to 9) are not used here; what is unknown is ignored.</summary>
public enum DiscoMessageType : byte
{
    Ping = 1,
    Pong = 2,

    /// <summary>"Ping these addresses of mine now." Valid only when it came through a relay.</summary>
    CallMeMaybe = 3,
}
