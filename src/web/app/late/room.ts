export { default as style } from '../../styles/room.css?inline';
export { Room } from '../Room.tsx';
