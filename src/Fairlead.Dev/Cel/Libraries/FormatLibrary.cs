using System.Collections.Immutable;
using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The Kubernetes format library: <c>format.dns1123Label().validate(text)</c> gives the faults, or none.</summary>
internal static class FormatLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        var formats = NamedFormats.All.ToImmutableDictionary(f => f.ToString(), StringComparer.Ordinal);
        foreach (var (name, format) in formats)
            table.Global($"format.{name}", [], CelType.Format, _ => format);
        table.Global("format.named", [CelKind.String], CelType.OptionalOf(CelType.Format), a => CelValue.Optional(formats.GetValueOrDefault(a.Text(0))));
        table.Member("validate", [CelKind.Format, CelKind.String], CelType.OptionalOf(CelType.ListOf(CelType.String)), a => Validate(a.As<CelFormat>(0), a.Text(1)));
    }

    private static CelValue Validate(CelFormat format, string text)
    {
        var faults = format.Validate(text);
        return faults.Count == 0 ? CelOptional.None : CelValue.Optional(new CelList([.. faults.Select(CelValue.Of)]));
    }
}
