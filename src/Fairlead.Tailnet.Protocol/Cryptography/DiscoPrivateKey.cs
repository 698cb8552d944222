using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>A node's key of path discovery, new at every start and never stored. As text <c>privkey:</c> and 64 lower-case hexadecimal digits.</summary>
public sealed class DiscoPrivateKey : IDisposable
{
    /// <param name="key">Disposed of with this object.</param>
    public DiscoPrivateKey(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    public PrivateKey Key { get; }

    public DiscoPublicKey PublicKey => new(Key.PublicKey);

    /// <inheritdoc cref="PrivateKey.Generate"/>
    public static DiscoPrivateKey Generate(RandomNumberGenerator? source = null) => new(PrivateKey.Generate(source));

    /// <inheritdoc cref="PrivateKey.Parse"/>
    public static DiscoPrivateKey Parse(ReadOnlySpan<char> text) => new(PrivateKey.Parse(text));

    /// <inheritdoc cref="PrivateKey.ToText"/>
    public string ToText() => Key.ToText();

    public void Dispose() => Key.Dispose();

    /// <summary>Names the key by its public half.</summary>
    public override string ToString() => $"private key of {PublicKey}";
}
