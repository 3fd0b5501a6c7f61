import { call, lit } from '../../../plan/build.ts'
import type { Expr } from '../../../plan/plan.ts'
import { numberOf, toNum } from '../../shared/convert.ts'
import { builtin } from '../4-lower/builtin.ts'
import { as, page, param } from '../4-lower/params.ts'

const num = (name: string, ...args: readonly Expr[]): Expr => call(`num.${name}`, 'num', args)

export const sphericalToCartesian = builtin({
  name: 'math:spherical2cartesian',
  category: 'number',
  kind: 'transform',
  doc: 'The point x, y, z of two angles in degrees and a radius.',
  notes: [
    '`azimuth` is the angle from the x axis, `polar` the angle from the plane of x and y: longitude and latitude.',
  ],
  params: [
    param('azimuth', 'text', 'The field with the angle from the x axis, or a number.', { required: true }),
    param('polar', 'text', 'The field with the angle from the plane of x and y, or a number.', { required: true }),
    param('radius', 'text', 'The field with the radius, or a number.', { default: '1.0' }),
    as('_spherical2cartesian'),
  ],
  fidelity: {
    differs: 'The page gives 0.0 for the cosine of 90 degrees: here it is that of a double, about 6e-17.',
  },
  evidence: page('math:spherical2cartesian'),
  examples: [
    {
      title: 'Along the x axis',
      given: [{ lat: '0', lon: '0' }],
      query: 'math:spherical2cartesian(azimuth=lon, polar=lat, as=p) | select([p.x, p.y, p.z])',
      gives: [{ 'p.x': '1', 'p.y': '0', 'p.z': '0' }],
      from: page('math:spherical2cartesian'),
    },
    {
      title: 'The north pole, with a radius',
      given: [{ lat: '90.0', lon: '0.0' }],
      query:
        'math:spherical2cartesian(azimuth=lon, polar=lat, radius=2, as=p) | x := format("%.3f", field=p.x) | select([x, p.z])',
      gives: [{ x: '0.000', 'p.z': '2' }],
      from: page('math:spherical2cartesian'),
    },
  ],
  lower: {
    kind: 'step',
    step: ({ flow, args, as: output }) => {
      const part = (name: string, fallback = ''): Expr => {
        const word = args.text(name, fallback)
        const number = numberOf(word)
        return number === null ? toNum(flow.read(word)) : lit(number, 'num')
      }
      const [azimuth, polar] = [num('toRadians', part('azimuth')), num('toRadians', part('polar'))]
      const radius = part('radius', '1.0')
      const flat = num('mul', radius, num('cos', polar))
      const name = output ?? '_spherical2cartesian'
      flow.assignAll([
        { name: `${name}.x`, expr: num('mul', flat, num('cos', azimuth)) },
        { name: `${name}.y`, expr: num('mul', flat, num('sin', azimuth)) },
        { name: `${name}.z`, expr: num('mul', radius, num('sin', polar)) },
      ])
    },
  },
})
