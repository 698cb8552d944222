using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>What a machine proves its identity to the coordination server with. As text <c>privkey:</c> and 64 lower-case hexadecimal digits.</summary>
public sealed class MachinePrivateKey : IDisposable
{
    /// <param name="key">Disposed of with this object.</param>
    public MachinePrivateKey(PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    public PrivateKey Key { get; }

    public MachinePublicKey PublicKey => new(Key.PublicKey);

    /// <inheritdoc cref="PrivateKey.Generate"/>
    public static MachinePrivateKey Generate(RandomNumberGenerator? source = null) => new(PrivateKey.Generate(source));

    /// <inheritdoc cref="PrivateKey.Parse"/>
    public static MachinePrivateKey Parse(ReadOnlySpan<char> text) => new(PrivateKey.Parse(text));

    /// <inheritdoc cref="PrivateKey.ToText"/>
    public string ToText() => Key.ToText();

    public void Dispose() => Key.Dispose();

    /// <summary>Names the key by its public half.</summary>
    public override string ToString() => $"private key of {PublicKey}";
}
