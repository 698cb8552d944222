using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>What a node proves its identity to its peers and relays with. As text <c>privkey:</c> and 64 lower-case hexadecimal digits.</summary>
public sealed class NodePrivateKey : IDisposable
{
    /// <param name="key">Disposed of with this object.</param>
    public NodePrivateKey(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    public PrivateKey Key { get; }

    public NodePublicKey PublicKey => new(Key.PublicKey);

    /// <inheritdoc cref="PrivateKey.Generate"/>
    public static NodePrivateKey Generate(RandomNumberGenerator? source = null) => new(PrivateKey.Generate(source));

    /// <inheritdoc cref="PrivateKey.Parse"/>
    public static NodePrivateKey Parse(ReadOnlySpan<char> text) => new(PrivateKey.Parse(text));

    /// <inheritdoc cref="PrivateKey.ToText"/>
    public string ToText() => Key.ToText();

    public void Dispose() => Key.Dispose();

    /// <summary>Names the key by its public half.</summary>
    public override string ToString() => $"private key of {PublicKey}";
}
