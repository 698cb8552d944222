namespace Fairlead.Dev.Cel.Values;

/// <summary>A named text format. <paramref name="validate"/> gives what is wrong with a text, or nothing.</summary>
internal sealed class CelFormat(string name, Func<string, IReadOnlyList<string>> validate) : CelOpaque
{
    public override CelKind Kind => CelKind.Format;

    public IReadOnlyList<string> Validate(string text) => validate(text);

    public override bool EqualsOpaque(CelOpaque other) => other is CelFormat format && format.ToString() == name;

    public override string ToString() => name;
}
