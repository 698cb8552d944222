using Fairlead.Dev.Cel.Evaluation;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The arguments of a call, receiver first, read as the kinds the overload declares.</summary>
internal readonly struct CelArguments(CelValue[] values, CelEvaluation evaluation)
{
    public CelEvaluation Evaluation { get; } = evaluation;

    public CelValue this[int index] => values[index];

    public bool Bool(int index) => ((CelBool)values[index]).Value;

    public long Int(int index) => ((CelInt)values[index]).Value;

    public ulong Uint(int index) => ((CelUint)values[index]).Value;

    public double Double(int index) => ((CelDouble)values[index]).Value;

    public string Text(int index) => ((CelString)values[index]).Value;

    public CelList List(int index) => (CelList)values[index];

    public T As<T>(int index)
        where T : CelValue => (T)values[index];
}
