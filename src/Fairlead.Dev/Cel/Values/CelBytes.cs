using System.Text;

namespace Fairlead.Dev.Cel.Values;

internal sealed class CelBytes(byte[] value) : CelValue
{
    public ReadOnlyMemory<byte> Value { get; } = value;

    public override CelKind Kind => CelKind.Bytes;

    internal override int Size => Value.Length;

    public override string ToString() => Encoding.UTF8.GetString(Value.Span);
}
