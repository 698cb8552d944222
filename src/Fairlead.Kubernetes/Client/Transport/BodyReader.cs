namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Reads the body of an answer. The bytes are gone when it returns.</summary>
internal delegate T BodyReader<out T>(ReadOnlySpan<byte> utf8);
