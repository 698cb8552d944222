namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>A handshake cannot be completed: a message is malformed, was changed, or is for another key. Never names secrets.</summary>
public sealed class NoiseHandshakeException(string message) : Exception(message);
