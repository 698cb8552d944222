using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>Version 1 of the Kubernetes semver library.</summary>
internal static class SemverLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("semver", [CelKind.String], CelType.Semver, a => Parse(a.Text(0), normalize: false));
        table.Global("semver", [CelKind.String, Bool], CelType.Semver, a => Parse(a.Text(0), a.Bool(1)));
        table.Global("isSemver", [CelKind.String], CelType.Bool, a => CelValue.Of(CelSemver.TryParse(a.Text(0), normalize: false, out _)));
        table.Global("isSemver", [CelKind.String, Bool], CelType.Bool, a => CelValue.Of(CelSemver.TryParse(a.Text(0), a.Bool(1), out _)));
        table.Member("major", [Semver], CelType.Int, a => new CelInt((long)a.As<CelSemver>(0).Major));
        table.Member("minor", [Semver], CelType.Int, a => new CelInt((long)a.As<CelSemver>(0).Minor));
        table.Member("patch", [Semver], CelType.Int, a => new CelInt((long)a.As<CelSemver>(0).Patch));
        table.Member("isLessThan", [Semver, Semver], CelType.Bool, a => CelValue.Of(a.As<CelSemver>(0).CompareTo(a.As<CelSemver>(1)) < 0));
        table.Member("isGreaterThan", [Semver, Semver], CelType.Bool, a => CelValue.Of(a.As<CelSemver>(0).CompareTo(a.As<CelSemver>(1)) > 0));
        table.Member("compareTo", [Semver, Semver], CelType.Int, a => new CelInt(Math.Sign(a.As<CelSemver>(0).CompareTo(a.As<CelSemver>(1)))));
    }

    private static CelValue Parse(string text, bool normalize) =>
        CelSemver.TryParse(text, normalize, out var version) ? version : CelError.Invalid($"'{text}' is no semantic version");
}
