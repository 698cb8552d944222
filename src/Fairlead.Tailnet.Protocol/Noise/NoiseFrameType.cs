namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>What a frame of the control protocol's channel is.</summary>
public enum NoiseFrameType : byte
{
    /// <summary>First message of the handshake, from the client.</summary>
    Initiation = 1,

    /// <summary>Second message of the handshake, from the server.</summary>
    Response = 2,

    /// <summary>The server's refusal, as text, in place of a response.</summary>
    Error = 3,

    /// <summary>Sealed data, after the handshake.</summary>
    Record = 4,
}
